/* Writes down every write, cut and sync of files in one folder, in the order in which they happened.

   Loaded before the C library (LD_PRELOAD), below SQLite. GEMBA_RECORD_FOLDER names the folder,
   GEMBA_RECORD_LOG the log. GEMBA_FAIL_SYNCS=FIRST:LAST makes those syncs (counted from 1) fail with EIO.
   An entry is: kind, length of the path, offset, length of the data, then the path and the data. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry { uint32_t kind, path; uint64_t offset, data; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static long syncs, fail_first, fail_last;

static int watched(int fd, char *path)
{
    char link[64];
    const char *folder = getenv("GEMBA_RECORD_FOLDER");
    ssize_t length;

    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, 4095);
    if (length <= 0) return 0;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static void put(const void *bytes, size_t length)
{
    const char *rest = bytes;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, log_file, rest, length);
        if (done <= 0) _exit(99);
        rest += done;
        length -= (size_t)done;
    }
}

static void record(uint32_t kind, const char *path, uint64_t offset, const void *data, uint64_t length)
{
    struct entry entry = { kind, (uint32_t)strlen(path), offset, length };
    if (log_file < 0) {
        const char *range = getenv("GEMBA_FAIL_SYNCS");
        log_file = (int)syscall(SYS_openat, AT_FDCWD, getenv("GEMBA_RECORD_LOG"),
                                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (range) sscanf(range, "%ld:%ld", &fail_first, &fail_last);
    }
    put(&entry, sizeof entry);
    put(path, strlen(path));
    put(data, length);
}

static ssize_t write_at(int fd, const void *data, size_t length, off_t offset, int placed)
{
    char path[4096];
    ssize_t done;

    if (!watched(fd, path))
        return placed ? syscall(SYS_pwrite64, fd, data, length, offset) : syscall(SYS_write, fd, data, length);
    pthread_mutex_lock(&lock);
    if (!placed) {
        int flags = fcntl(fd, F_GETFL);
        offset = lseek(fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
    }
    done = placed ? syscall(SYS_pwrite64, fd, data, length, offset) : syscall(SYS_write, fd, data, length);
    if (done > 0) record('W', path, (uint64_t)offset, data, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) { return write_at(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return write_at(fd, data, length, offset, 1); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { return write_at(fd, data, length, offset, 1); }

static int cut(int fd, off_t length)
{
    char path[4096];
    int answer, seen = watched(fd, path);

    pthread_mutex_lock(&lock);
    answer = (int)syscall(SYS_ftruncate, fd, length);
    if (seen && answer == 0) record('T', path, (uint64_t)length, "", 0);
    pthread_mutex_unlock(&lock);
    return answer;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off_t length) { return cut(fd, length); }

static int sync_now(int fd, long call)
{
    char path[4096];
    int answer, failed = 0, seen = watched(fd, path);

    pthread_mutex_lock(&lock);
    if (seen) {
        if (log_file < 0) record('N', path, 0, "", 0);
        syncs++;
        failed = fail_first && syncs >= fail_first && syncs <= fail_last;
    }
    answer = failed ? -1 : (int)syscall(call, fd);
    if (seen) record(failed ? 'F' : 'S', path, 0, "", 0);
    pthread_mutex_unlock(&lock);
    if (failed) errno = EIO;
    return answer;
}

int fsync(int fd) { return sync_now(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_now(fd, SYS_fdatasync); }

int unlink(const char *name)
{
    char path[4096];
    const char *folder = getenv("GEMBA_RECORD_FOLDER");
    int answer;

    pthread_mutex_lock(&lock);
    answer = (int)syscall(SYS_unlinkat, AT_FDCWD, name, 0);
    if (answer == 0 && folder && realpath(name, path) == NULL && strncmp(name, folder, strlen(folder)) == 0)
        record('U', name, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return answer;
}
