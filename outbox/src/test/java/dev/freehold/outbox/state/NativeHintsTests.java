package dev.freehold.outbox.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import dev.freehold.inbox.InboxListener;
import dev.freehold.outbox.EventKey;
import dev.freehold.outbox.OutboxEvent;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What a native image has to know is found when the application is built. */
class NativeHintsTests {

    @OutboxEvent(type = "hints.given", topic = "hints")
    record Given(@EventKey String id, Inner inner) {}

    record Inner(int number) {}

    record Read(String id) {}

    static class Listener {
        @InboxListener(topic = "hints", type = "hints.given", group = "hints")
        void on(Read event) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Listener listener() {
            return new Listener();
        }
    }

    @Test
    void knowsEventsStatesListenersAndScripts() throws Exception {
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("dev.freehold", "App")), new InMemoryGeneratedFiles());
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(App.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        RuntimeHints hints = generation.getRuntimeHints();
        assertThat(resource().forResource("dev/freehold/outbox/schema-postgresql.sql"))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(Given.class, "id")).accepts(hints);
        assertThat(reflection().onMethodInvocation(Inner.class, "number")).accepts(hints);
        assertThat(reflection().onFieldAccess(Given.class, "id")).accepts(hints);
        assertThat(reflection().onConstructorInvocation(CustomerState.class.getDeclaredConstructor(Customer.class)))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(Listener.class.getDeclaredMethod("on", Read.class)))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(Read.class, "id")).accepts(hints);
    }
}
