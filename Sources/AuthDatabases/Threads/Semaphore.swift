internal import Glibc

/// A counting semaphore, for threads that have nothing to do: `Synchronization.Mutex` can't wait.
@safe
package final class Semaphore: Sendable {
    // Only handed to sem_* functions, which may be called from any thread.
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        // Freed in deinit; sem_init of an unshared semaphore at 0 can't fail.
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    /// Lets one waiter through.
    package func signal() {
        // The pointer lives as long as self.
        unsafe sem_post(semaphore)
    }

    /// Waits until it is let through.
    package func wait() {
        // As above; a signal handler may interrupt the wait.
        while unsafe sem_wait(semaphore) != 0, errno == EINTR {}
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }
}
