package dev.freehold.acceptance.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What happens while orders are placed and billed; each is over, and everything runs again, when the call returns. */
enum Fault {
    ORDERS_KILLED {
        @Override
        void strike(Landscape landscape, Random random) {
            oneOf(landscape.orders(), random).killAndStart();
        }
    },
    BILLING_KILLED {
        @Override
        void strike(Landscape landscape, Random random) {
            oneOf(landscape.billing(), random).killAndStart();
        }
    },
    ORDERS_FROZEN {
        @Override
        void strike(Landscape landscape, Random random) {
            oneOf(landscape.orders(), random).freezeWhile(() -> Outage.last(THREE_LEASES));
        }
    },
    BILLING_FROZEN {
        @Override
        void strike(Landscape landscape, Random random) {
            oneOf(landscape.billing(), random).freezeWhile(() -> Outage.last(THREE_LEASES));
        }
    },
    INSTANCE_ENDED_IN_ORDER {
        @Override
        void strike(Landscape landscape, Random random) {
            List<ServiceJvm> instances = random.nextBoolean() ? landscape.orders() : landscape.billing();
            oneOf(instances, random).restart();
        }
    },
    BROKER_KILLED {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().broker().killFor(upTo(ONE_SECOND, random));
        }
    },
    BROKER_STOPPED {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().broker().stopFor(upTo(ONE_SECOND, random));
        }
    },
    BROKER_FROZEN {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().broker().freezeFor(upTo(THREE_LEASES, random));
        }
    },
    DATABASE_CRASHED {
        @Override
        void strike(Landscape landscape, Random random) {
            oneOf(databases(landscape), random).crash();
        }
    },
    DATABASE_RESTARTED {
        @Override
        void strike(Landscape landscape, Random random) {
            oneOf(databases(landscape), random).restart();
        }
    },
    CONNECTIONS_CUT {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().network().cut(random);
        }
    },
    CONNECTIONS_REFUSED {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().network().refuse(random, upTo(THREE_LEASES, random));
        }
    },
    BYTES_SWALLOWED {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().network().swallow(random, upTo(FIVE_LEASES, random));
        }
    },
    BYTES_HELD_BACK {
        @Override
        void strike(Landscape landscape, Random random) {
            landscape.servers().network().hold(random, upTo(FIVE_LEASES, random));
        }
    };

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final Duration THREE_LEASES = Landscape.LEASE.multipliedBy(3);
    private static final Duration FIVE_LEASES = Landscape.LEASE.multipliedBy(5);

    abstract void strike(Landscape landscape, Random random);

    private static List<Database> databases(Landscape landscape) {
        return List.of(landscape.servers().orders(), landscape.servers().billing());
    }

    private static <T> T oneOf(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static Duration upTo(Duration longest, Random random) {
        return Duration.ofMillis(random.nextLong(longest.toMillis()));
    }
}
