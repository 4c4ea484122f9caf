package dev.freehold.outbox;

import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages for a term. While there is a backlog the next page is read on a thread of its own, at the time when the last one is
 * being sent: the database and the transport then work at the same time.
 *
 * <p>Of the log only, since a queue claims what it reads, and a page that is read ahead may be passed over: it is used only
 * if the term asks for just this one.
 */
final class PageReader implements AutoCloseable {

    private static final long IDLE_SECONDS = 1;
    private static final long CLOSE_SECONDS = 10;

    private final OutboxStore store;
    private final Lease lease;
    private final ThreadPoolExecutor thread;
    private @Nullable Ahead ahead;

    PageReader(OutboxStore store, Lease lease, String name) {
        this.store = store;
        this.lease = lease;
        this.thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(task, name));
        this.thread.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "outbox-read-" + name);
        thread.setDaemon(true);
        return thread;
    }

    Page read(Progress from, PageLimit limit) throws SQLException {
        Ahead present = ahead;
        ahead = null;
        return present != null && present.isOf(from, limit) ? present.await() : store.read(lease, from, limit);
    }

    /** Begins to read what will be asked for next, if that may be done. */
    void readAhead(Progress from, PageLimit limit) {
        if (store.canReadAhead()) {
            ahead = new Ahead(from, limit, thread.submit(() -> store.read(lease, from, limit)));
        }
    }

    /** Waits for a read that is going on, since nobody expects one afterwards. */
    @Override
    public void close() {
        thread.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            var unused = thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Ahead(Progress from, PageLimit limit, Future<Page> page) {

        boolean isOf(Progress otherFrom, PageLimit otherLimit) {
            return from.equals(otherFrom) && limit.equals(otherLimit);
        }

        Page await() throws SQLException {
            try {
                return page.get();
            } catch (ExecutionException e) {
                throw thrown(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while reading ahead");
            }
        }

        private static SQLException thrown(@Nullable Throwable cause) throws SQLException {
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause instanceof Error failure) {
                throw failure;
            }
            return cause instanceof SQLException failure ? failure : new SQLException(cause);
        }
    }
}
