package dev.freehold.outbox.autoconfigure;

import dev.freehold.outbox.OutboxRelay;
import dev.freehold.outbox.RelayStatus;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of the relay: down while it cannot publish, because database or broker are away. It belongs into no liveness group,
 * and is in none by default: a new start of the service would mend nothing. Parked keys and backlog do not make it worse;
 * they are meters.
 */
final class OutboxHealth extends AbstractHealthIndicator {

    private final OutboxRelay relay;

    OutboxHealth(OutboxRelay relay) {
        super("The outbox's health could not be told");
        this.relay = relay;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        RelayStatus status = relay.status();
        health.withDetail("active", status.active()).withDetail("published", status.published());
        if (status.failingSince() != null) {
            health.down()
                    .withDetail("failingSince", status.failingSince())
                    .withDetail("lastFailure", String.valueOf(status.lastFailure()));
        } else if (!status.running()) {
            health.outOfService();
        } else {
            health.up();
        }
    }
}
