import { findPythonPackage, type FoundPython, type InstallContext } from '../../../lab/route53/python-package';

const awsCli = { requirement: 'awscli==1.46.3', folder: 'awscli-1.46.3', gives: 'the command line of AWS' };

/** A Python that has the command line of AWS, as `python -m awscli`, or why there is none on this machine. */
export const findAwsCli = (context: InstallContext): Promise<FoundPython> => findPythonPackage(awsCli, context);
