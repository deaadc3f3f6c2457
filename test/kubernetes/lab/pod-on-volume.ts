import { labImages } from '../../../lab/kubernetes/images/lab-images';

/** Something that is no workload of the runbook, and holds the volume: a backup, say. */
export const podOnVolume = (name: string): object => ({
  metadata: { name },
  spec: {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'main',
        image: labImages.rsync,
        command: ['sleep', '1000'],
        volumeMounts: [{ name: 'data', mountPath: '/mnt/data' }],
      },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'orders' } }],
  },
});
