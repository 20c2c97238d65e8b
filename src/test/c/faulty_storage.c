/*
 * Storage that fails when told to, for a process that is started with this library in LD_PRELOAD.
 *
 * Only files under the directory FAULTY_STORAGE_ROOT are looked at; all other calls go through. The test and the
 * library share one page, the file FAULTY_STORAGE_CONTROL, in which the test says which call is to fail and how, while
 * the process runs. Where FAULTY_STORAGE_JOURNAL names a file, everything that changes the directory is written down
 * there, with the syncs, so that the test can make of it what a power cut might have left.
 *
 * Calls go to the kernel by syscall(2), so nothing here can call itself. What the journal has no record for (renames,
 * hard links, writable shared mappings) ends the process: a model that overlooks something proves nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { OPEN = 1, READ = 2, WRITE = 4, SYNC = 8, TRUNCATE = 16, UNLINK = 32 };

/* The shared page; FaultyDisk.java knows the same offsets. */
struct control {
  int64_t armed;    /* 0 or 1: whether anything below holds */
  int64_t calls;    /* which calls count, a sum of the above */
  int64_t at;       /* the how many-th of them from now on fails */
  int64_t times;    /* how many fail from there on, one after the other */
  int64_t then;     /* after those, the how many-th fails once more; 0: none */
  int64_t error;    /* errno; 0: a write is cut short instead; -1: the process is killed before the call */
  int64_t keep;     /* of a write that fails: how many 256ths of it are written all the same */
  int64_t injected; /* how many have failed */
};

/* A record of the journal: this head, then `length` bytes. */
struct record {
  int64_t kind;
  int64_t handle; /* of the open file */
  int64_t at;     /* offset of a write, size after a truncation */
  int64_t length;
};

enum kind {
  OPENED = 1, /* the path below the root */
  WRITTEN,    /* the bytes; noted before they are written */
  TRUNCATED,
  SYNCED, /* noted after the sync */
  SYNC_FAILED,
  UNLINKED,        /* the path */
  DIRECTORY_MADE,  /* the path */
  DIRECTORY_SYNCED /* the path, empty for the root */
};

#define FILES 65536
#define PATHS 64
#define PATH_BYTES 512

static struct control *control;
static int journal = -1;
static char root[PATH_BYTES];
static size_t root_length;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* By file descriptor: 0 for none of ours, the handle of an open file, or minus the place of a directory's path. */
static int64_t handles[FILES];
static char directories[PATHS][PATH_BYTES];
static int64_t last_handle;

static void give_up(const char *why) {
  syscall(SYS_write, 2, "faulty_storage: ", 16);
  syscall(SYS_write, 2, why, strlen(why));
  syscall(SYS_write, 2, "\n", 1);
  abort();
}

__attribute__((constructor)) static void begin(void) {
  const char *of_root = getenv("FAULTY_STORAGE_ROOT");
  const char *of_control = getenv("FAULTY_STORAGE_CONTROL");
  const char *of_journal = getenv("FAULTY_STORAGE_JOURNAL");
  if (of_root == NULL || of_control == NULL) {
    return;
  }
  int file = (int)syscall(SYS_openat, AT_FDCWD, of_control, O_RDWR | O_CLOEXEC, 0);
  void *page = (void *)syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file < 0 || page == MAP_FAILED || strlen(of_root) >= PATH_BYTES) {
    give_up("no control page, or too long a root");
  }
  syscall(SYS_close, file);
  control = page;
  if (of_journal != NULL) {
    journal = (int)syscall(SYS_openat, AT_FDCWD, of_journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) {
      give_up("no journal");
    }
  }
  strcpy(root, of_root);
  root_length = strlen(root);
}

/* The path below the root, empty for the root itself; NULL where it is elsewhere. */
static const char *below(int directory, const char *path) {
  if (root_length == 0 || (directory != AT_FDCWD && path[0] != '/') || strncmp(path, root, root_length) != 0) {
    return NULL;
  }
  path += root_length;
  return *path == '\0' ? path : *path == '/' ? path + 1 : NULL;
}

static int64_t handle_of(int file) {
  return file >= 0 && file < FILES ? handles[file] : 0;
}

static void note(enum kind kind, int64_t handle, int64_t at, const void *bytes, size_t length) {
  if (journal < 0) {
    return;
  }
  struct record head = {kind, handle, at, (int64_t)length};
  struct iovec parts[2] = {{&head, sizeof head}, {(void *)bytes, length}};
  if (syscall(SYS_writev, journal, parts, length == 0 ? 1 : 2) != (long)(sizeof head + length)) {
    give_up("the journal cannot be written");
  }
}

static void note_path(enum kind kind, int64_t handle, const char *path) {
  note(kind, handle, 0, path, strlen(path));
}

/* Whether this call is to fail; the mutex is held. */
static int fails(enum call call) {
  if (__atomic_load_n(&control->armed, __ATOMIC_ACQUIRE) == 0 || (control->calls & call) == 0) {
    return 0;
  }
  if (control->at > 1) {
    control->at--;
    return 0;
  }
  control->injected++;
  if (--control->times <= 0) {
    if (control->then > 0) {
      control->at = control->then;
      control->times = 1;
      control->then = 0;
    } else {
      control->armed = 0;
    }
  }
  return 1;
}

/* What a call that fails answers: by then the process may be gone. */
static int failure(void) {
  if (control->error == -1) {
    syscall(SYS_kill, getpid(), SIGKILL);
  }
  errno = control->error > 0 ? (int)control->error : EIO;
  return -1;
}

/* Open, close. */

static int open_at(int directory, const char *path, int flags, mode_t mode) {
  const char *ours = below(directory, path);
  if (ours == NULL) {
    return (int)syscall(SYS_openat, directory, path, flags, mode);
  }
  pthread_mutex_lock(&mutex);
  int file = fails(OPEN) ? failure() : (int)syscall(SYS_openat, directory, path, flags, mode);
  struct stat status;
  if (file >= FILES || strlen(ours) >= PATH_BYTES) {
    give_up("too many open files, or too long a path");
  }
  if (file >= 0 && fstat(file, &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      int place = 1;
      while (place < PATHS && directories[place][0] != '\0' && strcmp(directories[place] + 1, ours) != 0) {
        place++;
      }
      if (place == PATHS) {
        give_up("too many directories");
      }
      directories[place][0] = '/';
      strcpy(directories[place] + 1, ours);
      handles[file] = -place;
    } else {
      handles[file] = ++last_handle;
      note_path(OPENED, last_handle, ours);
      if ((flags & O_TRUNC) != 0) {
        note(TRUNCATED, last_handle, 0, NULL, 0);
      }
    }
  }
  pthread_mutex_unlock(&mutex);
  return file;
}

#define MODE_OF(flags, mode)                             \
  mode_t mode = 0;                                       \
  if (((flags) & (O_CREAT | __O_TMPFILE)) != 0) {        \
    va_list arguments;                                   \
    va_start(arguments, flags);                          \
    mode = (mode_t)va_arg(arguments, int);               \
    va_end(arguments);                                   \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(directory, path, flags, mode);
}

int openat64(int directory, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(directory, path, flags, mode);
}

int close(int file) {
  if (handle_of(file) != 0) {
    pthread_mutex_lock(&mutex);
    handles[file] = 0;
    pthread_mutex_unlock(&mutex);
  }
  return (int)syscall(SYS_close, file);
}

/* Read. */

static int reading_fails(int file) {
  if (handle_of(file) <= 0) {
    return 0;
  }
  pthread_mutex_lock(&mutex);
  int failed = fails(READ) ? failure() : 0;
  pthread_mutex_unlock(&mutex);
  return failed;
}

ssize_t read(int file, void *bytes, size_t count) {
  return reading_fails(file) ? -1 : syscall(SYS_read, file, bytes, count);
}

ssize_t pread(int file, void *bytes, size_t count, off_t at) {
  return reading_fails(file) ? -1 : syscall(SYS_pread64, file, bytes, count, at);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  return reading_fails(file) ? -1 : syscall(SYS_pread64, file, bytes, count, at);
}

/* Write. */

static ssize_t write_at(int file, const void *bytes, size_t count, off64_t at) {
  pthread_mutex_lock(&mutex);
  int64_t handle = handles[file];
  int failed = fails(WRITE);
  size_t kept = failed ? count * (size_t)control->keep / 256 : count;
  if (failed && control->error == 0 && kept == 0) {
    kept = 1;
  }
  ssize_t written = 0;
  if (kept > 0) {
    note(WRITTEN, handle, at, bytes, kept);
    written = syscall(SYS_pwrite64, file, bytes, kept, at);
  }
  if (failed && control->error != 0) {
    written = failure();
  }
  pthread_mutex_unlock(&mutex);
  return written;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  return handle_of(file) > 0 ? write_at(file, bytes, count, at) : syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  return pwrite(file, bytes, count, at);
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (handle_of(file) <= 0) {
    return syscall(SYS_write, file, bytes, count);
  }
  off_t at = lseek(file, 0, SEEK_CUR);
  ssize_t written = write_at(file, bytes, count, at);
  if (written > 0) {
    lseek(file, at + written, SEEK_SET);
  }
  return written;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (handle_of(file) > 0) {
    give_up("writev is not modelled");
  }
  return syscall(SYS_writev, file, parts, count);
}

static int truncate_to(int file, off64_t size) {
  if (handle_of(file) <= 0) {
    return (int)syscall(SYS_ftruncate, file, size);
  }
  pthread_mutex_lock(&mutex);
  int result;
  if (fails(TRUNCATE)) {
    result = failure();
  } else {
    note(TRUNCATED, handles[file], size, NULL, 0);
    result = (int)syscall(SYS_ftruncate, file, size);
  }
  pthread_mutex_unlock(&mutex);
  return result;
}

int ftruncate(int file, off_t size) {
  return truncate_to(file, size);
}

int ftruncate64(int file, off64_t size) {
  return truncate_to(file, size);
}

/* Sync. */

static int sync_by(long number, int file) {
  int64_t handle = handle_of(file);
  if (handle == 0) {
    return (int)syscall(number, file);
  }
  pthread_mutex_lock(&mutex);
  int result;
  if (fails(SYNC)) {
    if (handle > 0 && control->error != -1) {
      note(SYNC_FAILED, handle, 0, NULL, 0);
    }
    result = failure();
  } else {
    result = (int)syscall(number, file);
    if (result == 0 && handle > 0) {
      note(SYNCED, handle, 0, NULL, 0);
    } else if (result == 0) {
      note_path(DIRECTORY_SYNCED, 0, directories[-handle] + 1);
    }
  }
  pthread_mutex_unlock(&mutex);
  return result;
}

int fsync(int file) {
  return sync_by(SYS_fsync, file);
}

int fdatasync(int file) {
  return sync_by(SYS_fdatasync, file);
}

/* Names. */

static int unlink_at(int directory, const char *path, int flags) {
  const char *ours = below(directory, path);
  if (ours == NULL) {
    return (int)syscall(SYS_unlinkat, directory, path, flags);
  }
  pthread_mutex_lock(&mutex);
  int result = fails(UNLINK) ? failure() : (int)syscall(SYS_unlinkat, directory, path, flags);
  if (result == 0) {
    note_path(UNLINKED, 0, ours);
  }
  pthread_mutex_unlock(&mutex);
  return result;
}

int unlink(const char *path) {
  return unlink_at(AT_FDCWD, path, 0);
}

int unlinkat(int directory, const char *path, int flags) {
  return unlink_at(directory, path, flags);
}

int mkdir(const char *path, mode_t mode) {
  const char *ours = below(AT_FDCWD, path);
  int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  if (ours != NULL && result == 0) {
    pthread_mutex_lock(&mutex);
    note_path(DIRECTORY_MADE, 0, ours);
    pthread_mutex_unlock(&mutex);
  }
  return result;
}

int rename(const char *from, const char *to) {
  if (below(AT_FDCWD, from) != NULL || below(AT_FDCWD, to) != NULL) {
    give_up("rename is not modelled");
  }
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to) {
  if (below(AT_FDCWD, to) != NULL) {
    give_up("link is not modelled");
  }
  return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* Memory. */

static void *map(void *where, size_t length, int protection, int flags, int file, off64_t at) {
  if ((flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0 && handle_of(file) > 0) {
    give_up("a writable shared mapping is not modelled");
  }
  return (void *)syscall(SYS_mmap, where, length, protection, flags, file, at);
}

void *mmap(void *where, size_t length, int protection, int flags, int file, off_t at) {
  return map(where, length, protection, flags, file, at);
}

void *mmap64(void *where, size_t length, int protection, int flags, int file, off64_t at) {
  return map(where, length, protection, flags, file, at);
}
