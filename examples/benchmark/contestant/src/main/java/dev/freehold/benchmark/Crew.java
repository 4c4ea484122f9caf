package dev.freehold.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Runs the same task in some threads and waits for all of them. */
final class Crew {

    private Crew() {}

    /** One thread's task. */
    @FunctionalInterface
    interface Task {
        void run(int thread) throws Exception;
    }

    static void run(int threads, Task task) throws InterruptedException {
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<Thread> crew = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(() -> attempt(task, number, failures), "crew-" + i);
            thread.start();
            crew.add(thread);
        }
        for (Thread thread : crew) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.peek());
        }
    }

    private static void attempt(Task task, int number, Queue<Exception> failures) {
        try {
            task.run(number);
        } catch (Exception e) {
            failures.add(e);
        }
    }
}
