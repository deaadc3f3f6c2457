#!/bin/sh
# Brings the two databases of the Temporal server to the schema of this image, from nothing or from an older one.
# Takes SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD and SQL_PLUGIN as temporal-sql-tool reads them, and SCHEMA_FOLDER.
set -eu

for database in temporal temporal_visibility; do
  schema="$SCHEMA_FOLDER/${database#temporal_}/versioned"
  temporal-sql-tool --database "$database" create-database
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-dir "$schema"
done
