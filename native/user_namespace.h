#ifndef MAYEXEC_USER_NAMESPACE_H
#define MAYEXEC_USER_NAMESPACE_H

/* "user:[4294967295]" */
enum { MAYEXEC_USER_NAMESPACE = 32 };

/*
 * The name of the user namespace of this process. It comes from a pidfd (since Linux 6.11), because
 * anybody can mount another /proc in a namespace of his own. 0, or -errno.
 */
int mayexec_user_namespace(char name[MAYEXEC_USER_NAMESPACE]);

#endif
