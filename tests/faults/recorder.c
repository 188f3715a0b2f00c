/* A disk that tells everything, and fails when asked to.

   Loaded before the C library (LD_PRELOAD), below SQLite. Everything that changes the files of one folder
   (GEMBA_RECORD_FOLDER) is written down in the order in which it happened, in the file GEMBA_RECORD_LOG.
   An entry is: kind, length of the path, number of the file, offset, length of the data; then path and data.

     W data at an offset   T cut to a length    S synced             F a sync that failed
     C a new file          M a new folder       R renamed (data: the new path)
     L linked (the same)   U unlinked           D a folder removed

   While the file GEMBA_FAIL_WHILE exists, every sync fails with EIO. ``disk_begin`` starts a new log, and
   says which syncs fail (from one to another, each so many) and before which entry the process is killed; both
   are counted from 1. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct entry { uint32_t kind, path; uint64_t file, offset, data; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX], log_path[PATH_MAX], fail_while[PATH_MAX];
static int ready, log_file = -1;
static long syncs, fail_first, fail_last, fail_step = 1, entries, kill_at;

static void prepare(void)
{
    const char *value;
    if (ready) return;
    ready = 1;
    if ((value = getenv("GEMBA_RECORD_FOLDER"))) snprintf(folder, sizeof folder, "%s", value);
    if ((value = getenv("GEMBA_RECORD_LOG"))) snprintf(log_path, sizeof log_path, "%s", value);
    if ((value = getenv("GEMBA_FAIL_WHILE"))) snprintf(fail_while, sizeof fail_while, "%s", value);
}

void disk_begin(const char *path, long first, long last, long step, long kill)
{
    pthread_mutex_lock(&lock);
    prepare();
    if (log_file >= 0) syscall(SYS_close, log_file);
    log_file = -1;
    snprintf(log_path, sizeof log_path, "%s", path);
    syncs = entries = 0;
    fail_first = first, fail_last = last, fail_step = step, kill_at = kill;
    pthread_mutex_unlock(&lock);
}

/* What is watched: everything in the folder but the index of the log of SQLite, which is memory only. */
static int inside(const char *path)
{
    size_t length = strlen(path), start = strlen(folder);
    if (start == 0 || strncmp(path, folder, start) != 0 || (path[start] != 0 && path[start] != '/')) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int watched(int fd, char *path)
{
    char link[64];
    ssize_t length;

    prepare();
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return inside(path);
}

static int named(int fd, const char *name, char *path)
{
    char base[PATH_MAX], link[64];
    ssize_t length;

    prepare();
    if (!folder[0] || !name) return 0;
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return inside(path);
    }
    if (fd == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, base, sizeof base - 1);
    if (length <= 0) return 0;
    base[length] = 0;
    if (strlen(base) + strlen(name) + 2 > PATH_MAX) return 0;
    strcat(strcat(strcpy(path, base), "/"), name);
    return inside(path);
}

static void put(uint32_t kind, const char *path, uint64_t file, uint64_t offset, const void *data, uint64_t length)
{
    struct entry entry = { kind, (uint32_t)strlen(path), file, offset, length };
    struct iovec parts[3] = { { &entry, sizeof entry }, { (void *)path, strlen(path) }, { (void *)data, length } };

    entries++;
    if (!log_path[0]) return;
    if (log_file < 0)
        log_file = (int)syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (syscall(SYS_writev, log_file, parts, 3) != (long)(sizeof entry + entry.path + length)) _exit(99);
}

/* Called with the lock held, before the thing itself happens. */
static void count(void)
{
    if (entries + 1 == kill_at) kill(getpid(), SIGKILL);
}

static uint64_t number_of(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 ? about.st_ino : 0;
}

static uint64_t number(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 ? about.st_ino : 0;
}

static int open_at(int at, const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];
    int fd, fresh, changes = named(at, name, path) && (flags & (O_CREAT | O_TRUNC));

    if (!changes) return (int)syscall(SYS_openat, at, name, flags, mode);
    pthread_mutex_lock(&lock);
    fresh = number_of(path) == 0;
    if (fresh || flags & O_TRUNC) count();
    fd = (int)syscall(SYS_openat, at, name, flags, mode);
    if (fd >= 0 && fresh) put('C', path, number(fd), 0, "", 0);
    else if (fd >= 0 && flags & O_TRUNC) put('T', path, number(fd), 0, "", 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE va_list more; va_start(more, flags); mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; va_end(more)
int open(const char *name, int flags, ...) { MODE; return open_at(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE; return open_at(AT_FDCWD, name, flags, mode); }
int openat(int at, const char *name, int flags, ...) { MODE; return open_at(at, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE; return open_at(at, name, flags, mode); }

static ssize_t write_at(int fd, const void *data, size_t length, off_t offset, int placed)
{
    char path[PATH_MAX];
    ssize_t done;

    if (!watched(fd, path))
        return placed ? syscall(SYS_pwrite64, fd, data, length, offset) : syscall(SYS_write, fd, data, length);
    pthread_mutex_lock(&lock);
    count();
    if (!placed) offset = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    done = placed ? syscall(SYS_pwrite64, fd, data, length, offset) : syscall(SYS_write, fd, data, length);
    if (done > 0) put('W', path, number(fd), (uint64_t)offset, data, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) { return write_at(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return write_at(fd, data, length, offset, 1); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { return write_at(fd, data, length, offset, 1); }

/* A copy inside the kernel: made as reads and writes, so that what was written is known. */
ssize_t sendfile(int to, int from, off_t *offset, size_t length)
{
    char path[PATH_MAX], block[65536];
    ssize_t got;

    if (!watched(to, path)) return syscall(SYS_sendfile, to, from, offset, length);
    if (length > sizeof block) length = sizeof block;
    got = offset ? syscall(SYS_pread64, from, block, length, *offset) : syscall(SYS_read, from, block, length);
    if (got <= 0) return got;
    got = write_at(to, block, (size_t)got, 0, 0);
    if (got > 0 && offset) *offset += got;
    return got;
}
ssize_t sendfile64(int to, int from, off_t *offset, size_t length) { return sendfile(to, from, offset, length); }

static int cut(int fd, off_t length)
{
    char path[PATH_MAX];
    int answer, seen = watched(fd, path);

    if (!seen) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&lock);
    count();
    answer = (int)syscall(SYS_ftruncate, fd, length);
    if (answer == 0) put('T', path, number(fd), (uint64_t)length, "", 0);
    pthread_mutex_unlock(&lock);
    return answer;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off_t length) { return cut(fd, length); }

static int sync_now(int fd, long call)
{
    char path[PATH_MAX];
    int answer, failed;

    if (!watched(fd, path)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    count();
    syncs++;
    failed = fail_first && syncs >= fail_first && syncs <= fail_last && (syncs - fail_first) % fail_step == 0;
    if (fail_while[0] && syscall(SYS_faccessat, AT_FDCWD, fail_while, F_OK) == 0) failed = 1;
    answer = failed ? -1 : (int)syscall(call, fd);
    put(failed ? 'F' : 'S', path, number(fd), 0, "", 0);
    pthread_mutex_unlock(&lock);
    if (failed) errno = EIO;
    return answer;
}

int fsync(int fd) { return sync_now(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_now(fd, SYS_fdatasync); }

static int make_folder(int at, const char *name, mode_t mode)
{
    char path[PATH_MAX];
    int answer;

    if (!named(at, name, path)) return (int)syscall(SYS_mkdirat, at, name, mode);
    pthread_mutex_lock(&lock);
    count();
    answer = (int)syscall(SYS_mkdirat, at, name, mode);
    if (answer == 0) put('M', path, number_of(path), 0, "", 0);
    pthread_mutex_unlock(&lock);
    return answer;
}

int mkdir(const char *name, mode_t mode) { return make_folder(AT_FDCWD, name, mode); }
int mkdirat(int at, const char *name, mode_t mode) { return make_folder(at, name, mode); }

static int remove_at(int at, const char *name, int flags)
{
    char path[PATH_MAX];
    int answer;

    if (!named(at, name, path)) return (int)syscall(SYS_unlinkat, at, name, flags);
    pthread_mutex_lock(&lock);
    count();
    answer = (int)syscall(SYS_unlinkat, at, name, flags);
    if (answer == 0) put(flags & AT_REMOVEDIR ? 'D' : 'U', path, 0, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return answer;
}

int unlink(const char *name) { return remove_at(AT_FDCWD, name, 0); }
int unlinkat(int at, const char *name, int flags) { return remove_at(at, name, flags); }
int rmdir(const char *name) { return remove_at(AT_FDCWD, name, AT_REMOVEDIR); }

static int name_again(uint32_t kind, int at, const char *old, int to, const char *new, int flags)
{
    char path[PATH_MAX], target[PATH_MAX];
    int answer, from = named(at, old, path), into = named(to, new, target);

    pthread_mutex_lock(&lock);
    if (from || into) count();
    answer = kind == 'R' ? (int)syscall(SYS_renameat2, at, old, to, new, 0)
                         : (int)syscall(SYS_linkat, at, old, to, new, flags);
    if (answer == 0 && from != into) _exit(98);  /* a file that comes or goes cannot be told of */
    if (answer == 0 && into) put(kind, path, number_of(target), 0, target, strlen(target));
    pthread_mutex_unlock(&lock);
    return answer;
}

int rename(const char *old, const char *new) { return name_again('R', AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int at, const char *old, int to, const char *new) { return name_again('R', at, old, to, new, 0); }
int link(const char *old, const char *new) { return name_again('L', AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int at, const char *old, int to, const char *new, int flags) { return name_again('L', at, old, to, new, flags); }
