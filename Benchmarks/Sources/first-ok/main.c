// How long it takes until a login succeeds: after a program was started, or a file replaced by rename.
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const char usage[] =
    "usage: first-ok SOCKET USER PASSWORD start PROGRAM [ARGUMENT ...]\n"
    "       first-ok SOCKET USER PASSWORD rename FROM TO\n"
    "\n"
    "Starts the program, or renames the file, and tries to log in every half millisecond until that succeeds, for 30\n"
    "seconds at most. Prints {\"ms\": milliseconds, \"pid\": the program's, or 0}. The program goes on running.\n";

static const double PATIENCE = 30;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

__attribute__((noreturn)) static void fail(const char *what) {
    fprintf(stderr, "first-ok: %s: %m\n", what);
    exit(69);
}

// The started program, or 0.
static pid_t process;

/// Half a millisecond; the end if the program has ended meanwhile.
static void pause_briefly(void) {
    if (process > 0 && waitpid(process, NULL, WNOHANG) == process) {
        fputs("first-ok: the program has ended\n", stderr);
        exit(1);
    }
    struct timespec time = {0, 500 * 1000};
    nanosleep(&time, NULL);
}

static size_t base64(const char *bytes, size_t size, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = text;
    for (size_t index = 0; index < size; index += 3) {
        size_t left = size - index;
        unsigned group = (unsigned)(unsigned char)bytes[index] << 16;
        if (left > 1) group |= (unsigned)(unsigned char)bytes[index + 1] << 8;
        if (left > 2) group |= (unsigned char)bytes[index + 2];
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[group & 63] : '=';
    }
    *out = '\0';
    return (size_t)(out - text);
}

static int open_socket(const char *path, double limit) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail(path);
    }
    strcpy(address.sun_path, path);
    while (now() < limit) {
        int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (descriptor < 0) fail("socket");
        if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
        close(descriptor);
        pause_briefly();
    }
    errno = ETIMEDOUT;
    fail(path);
}

/// Reads what has come; 1 if that holds an OK, -1 if the connection is gone.
static int look(int descriptor, char *input, size_t room, size_t *size) {
    ssize_t count = recv(descriptor, input + *size, room - 1 - *size, MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN ? 0 : -1;
    if (count == 0) return -1;
    *size += (size_t)count;
    input[*size] = '\0';
    char *line = input, *feed;
    for (; (feed = strchr(line, '\n')) != NULL; line = feed + 1) {
        if (strncmp(line, "OK\t", 3) == 0) return 1;
    }
    *size = strlen(line);
    memmove(input, line, *size + 1);
    return 0;
}

/// Logs in on new requests until one is answered OK; 0 if the server hangs up first.
static int log_in(int descriptor, const char *response, double limit) {
    static char input[65536];
    size_t size = 0;
    if (send(descriptor, "VERSION\t1\t2\nCPID\t1\n", 19, MSG_NOSIGNAL) != 19) return 0;
    for (unsigned id = 1; now() < limit; id++) {
        char line[2048];
        int length = snprintf(
            line, sizeof line, "AUTH\t%u\tPLAIN\tservice=smtp\tnologin\tsecured\tno-penalty\tresp=%s\n", id, response);
        ssize_t sent = send(descriptor, line, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
        // A server that reads nothing for a while will find enough requests when it does.
        if (sent < 0 && errno != EAGAIN) return 0;
        if (sent >= 0 && sent != length) return 0;
        for (int tries = 0; tries < 5; tries++) {
            int found = look(descriptor, input, sizeof input, &size);
            if (found != 0) return found > 0;
            struct timespec time = {0, 100 * 1000};
            nanosleep(&time, NULL);
        }
    }
    return 0;
}

int main(int count, char **words) {
    int is_start = count >= 6 && strcmp(words[4], "start") == 0;
    int is_rename = count == 7 && strcmp(words[4], "rename") == 0;
    if ((!is_start && !is_rename) || strlen(words[2]) + strlen(words[3]) > 500) {
        fputs(usage, stderr);
        return 64;
    }
    char message[512], response[1024];
    size_t user = strlen(words[2]), password = strlen(words[3]);
    message[0] = '\0';
    memcpy(message + 1, words[2], user + 1);
    memcpy(message + user + 2, words[3], password);
    base64(message, user + password + 2, response);
    prctl(PR_SET_TIMERSLACK, 1);

    int descriptor = -1;
    // Connected before, so that only the new password is waited for.
    if (is_rename) descriptor = open_socket(words[1], now() + PATIENCE);
    double begin = now(), limit = begin + PATIENCE;
    if (is_rename) {
        if (rename(words[5], words[6]) != 0) fail(words[5]);
    } else {
        // Whoever reads this program's output must not wait for the server's end.
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
        errno = posix_spawn(&process, words[5], &files, NULL, words + 5, environ);
        if (errno != 0) fail(words[5]);
    }
    do {
        if (descriptor < 0) descriptor = open_socket(words[1], limit);
        if (log_in(descriptor, response, limit)) {
            printf("{\"ms\": %.3f, \"pid\": %d}\n", (now() - begin) * 1000, (int)process);
            return 0;
        }
        close(descriptor);
        descriptor = -1;
        pause_briefly();
    } while (now() < limit);
    if (process > 0) kill(process, SIGTERM);
    fputs("first-ok: no login succeeded within 30 s\n", stderr);
    return 1;
}
