import { findPythonPackage, type FoundPython, type InstallContext } from './python-package';

/** `moto-server.py` replaces a function of exactly this version. */
const moto = { requirement: 'moto[server,route53]==5.2.5', folder: 'moto-5.2.5', gives: 'Route 53 in the lab' };

/** A Python that has moto, or why there is none on this machine. */
export type FoundMoto = FoundPython;

export const findMoto = (context: InstallContext): Promise<FoundMoto> => findPythonPackage(moto, context);
