# The worker and the CLI. The sources run as they are (tsx), so there is nothing to build but the dependencies.
FROM node:20.20.2-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json tsconfig.json LICENSE ./
COPY bin ./bin
COPY core ./core
COPY workflows ./workflows
COPY activities ./activities
COPY drivers ./drivers
COPY temporal ./temporal
COPY workers ./workers
COPY cli ./cli
COPY simulation ./simulation
COPY runbooks ./runbooks
# A volume mounted here takes over the owner.
RUN mkdir /var/lib/switchback && chown node:node /var/lib/switchback
USER node
ENTRYPOINT ["node", "bin/switchback.js"]
CMD ["worker"]
