/* Every write of this process, counted where it leaves for the kernel: the n-th one kills it, is torn, or fails.
 * Loaded with LD_PRELOAD. Counted are regular files, Internet sockets, and what changes the names of files. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OFF, KILL, TEAR, FAIL };

int points_mode = OFF;
int points_struck;
long points_passed, points_last;
static long first;
static int failure;
/* Which points were on a socket: around them a death hurts most. */
long points_on_a_line[256];
int points_lines;

/* From now on the points from `from` to `until` (counted from 1) meet their fate. */
void points_arm(int how, long from, long until, int error) {
    points_passed = points_lines = 0;
    first = from;
    points_last = until;
    failure = error;
    points_mode = how;
    points_struck = 0;
}

/* A command that we only start is armed by POINTS="first last errno": its writes fail. */
__attribute__((constructor)) static void arm_by_environment(void) {
    const char *asked = getenv("POINTS");
    long from, until;
    int error;
    if (asked && sscanf(asked, "%ld %ld %d", &from, &until, &error) == 3) points_arm(FAIL, from, until, error);
}

static int counts(int fd) {
    struct stat seen;
    if (fd <= STDERR_FILENO || fstat(fd, &seen)) return 0; /* where the words go is no part of a life */
    if (S_ISREG(seen.st_mode)) return 1;
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    return S_ISSOCK(seen.st_mode) && !getsockname(fd, (struct sockaddr *)&name, &size) && name.ss_family != AF_UNIX;
}

/* 0: go on. 1: write a half and die. -1: this one fails. A disk that is full fails no socket and no removal. */
static int point(int tears, int on_disk) {
    if (points_mode == FAIL && !on_disk) return 0;
    if (tears && !on_disk && points_lines < 256) points_on_a_line[points_lines++] = points_passed + 1;
    if (++points_passed < first || points_passed > points_last) return 0;
    if (points_mode == FAIL) {
        points_struck++;
        errno = failure;
        return -1;
    }
    if (points_mode == TEAR && tears) return 1;
    kill(getpid(), SIGKILL);
    return 0;
}

static int on_disk(int fd) {
    struct stat seen;
    return !fstat(fd, &seen) && S_ISREG(seen.st_mode);
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define WRITES(result, name, parameters, whole, half)                     \
    result name parameters {                                              \
        REAL(name);                                                       \
        if (points_mode != OFF && counts(fd)) {                                  \
            int fate = point(1, on_disk(fd));                             \
            if (fate < 0) return -1;                                      \
            if (fate) {                                                   \
                result done = half;                                       \
                (void)done;                                               \
                kill(getpid(), SIGKILL);                                  \
            }                                                             \
        }                                                                 \
        return whole;                                                     \
    }
#define CHANGES(name, parameters, arguments, disk)                        \
    int name parameters {                                                 \
        REAL(name);                                                       \
        if (points_mode != OFF && point(0, disk) < 0) return -1;                 \
        return real arguments;                                            \
    }

WRITES(ssize_t, write, (int fd, const void *data, size_t size), real(fd, data, size), real(fd, data, size / 2))
WRITES(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), real(fd, data, size, at), real(fd, data, size / 2, at))
WRITES(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), real(fd, data, size, at), real(fd, data, size / 2, at))
WRITES(ssize_t, writev, (int fd, const struct iovec *parts, int count), real(fd, parts, count), real(fd, parts, count / 2))
WRITES(ssize_t, send, (int fd, const void *data, size_t size, int flags), real(fd, data, size, flags), real(fd, data, size / 2, flags))
WRITES(int, fsync, (int fd), real(fd), real(fd))
WRITES(int, fdatasync, (int fd), real(fd), real(fd))
WRITES(int, ftruncate, (int fd, off_t size), real(fd, size), real(fd, size))
WRITES(int, ftruncate64, (int fd, off64_t size), real(fd, size), real(fd, size))
CHANGES(rename, (const char *from, const char *to), (from, to), 1)
CHANGES(link, (const char *from, const char *to), (from, to), 1)
CHANGES(unlink, (const char *path), (path), 0)
CHANGES(mkdir, (const char *path, mode_t rights), (path, rights), 1)
