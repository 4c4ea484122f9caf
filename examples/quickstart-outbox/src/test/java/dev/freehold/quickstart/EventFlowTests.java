package dev.freehold.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import dev.freehold.outbox.test.EventFlow;
import java.math.BigDecimal;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The way of an event without a server: what a service of your own can be tested with. */
class EventFlowTests {

    @Test
    void billsAnOrderOnceHoweverOftenItArrives() {
        EventFlow flow = EventFlow.create();
        JdbcClient jdbc = mock(JdbcClient.class, RETURNS_DEEP_STUBS);
        flow.listeners(new Billing(jdbc)).duplicating();

        UUID order = new Orders(jdbc, flow.outbox()).place(new BigDecimal("9.90"));
        flow.deliver();

        assertThat(flow.published(OrderPlaced.class)).containsExactly(new OrderPlaced(order, new BigDecimal("9.90")));
        verify(jdbc).sql("INSERT INTO bill (order_id, total) VALUES (?, ?)");
    }
}
