package dev.freehold.composition.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.composition.Budget;
import dev.freehold.composition.Compositions;
import dev.freehold.composition.Source;
import dev.freehold.composition.autoconfigure.CompositionAutoConfiguration;
import graphql.GraphQLContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.graphql.autoconfigure.GraphQlAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.graphql.execution.BatchLoaderRegistry;
import org.springframework.graphql.test.tester.ExecutionGraphQlServiceTester;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** On, off, backing off, budgets, missing classes. */
@Timeout(120)
class GraphQlSettingsTests {

    record Order(long id) {}

    record Customer(long id, String name) {}

    static class Sources {

        @Source(name = "customers", id = "id")
        List<Customer> customers(Set<Long> ids) {
            return ids.stream().map(id -> new Customer(id, "of the source")).toList();
        }

        @Source(name = "shipments")
        Map<Long, List<String>> shipments(Set<Long> orders) throws InterruptedException {
            new CountDownLatch(1).await();
            return Map.of();
        }
    }

    @Controller
    static class Orders {

        @QueryMapping
        List<Order> orders(@Argument int size) {
            return List.of(new Order(size));
        }

        @SchemaMapping
        CompletableFuture<Customer> customer(Order order, DataLoader<Long, Customer> customers) {
            return customers.load(order.id());
        }

        @SchemaMapping
        CompletableFuture<List<String>> shipments(Order order, DataLoader<Long, List<String>> shipments) {
            return shipments.load(order.id());
        }
    }

    /** Names its loader as the source is named. */
    @Controller
    static class OwnLoader {

        OwnLoader(BatchLoaderRegistry registry) {
            registry.<Long, Customer>forName("customers")
                    .registerMappedBatchLoader(
                            (ids, environment) -> Mono.just(Map.of(7L, new Customer(7, "of the application"))));
        }
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CompositionAutoConfiguration.class,
                    CompositionGraphQlAutoConfiguration.class,
                    GraphQlAutoConfiguration.class))
            .withPropertyValues(
                    "spring.graphql.schema.locations=classpath:graphql-shop/", "freehold.composition.budget=10m")
            .withBean(Sources.class)
            .withBean(Orders.class);

    private static Set<String> loaders(ApplicationContext context) {
        DataLoaderRegistry loaders = new DataLoaderRegistry();
        context.getBean(BatchLoaderRegistry.class)
                .registerDataLoaders(loaders, GraphQLContext.newContext().build());
        return loaders.getKeys();
    }

    private static GraphQlTester.Response ask(ApplicationContext context, String document) {
        return ExecutionGraphQlServiceTester.builder(context.getBean(ExecutionGraphQlService.class))
                .responseTimeout(Duration.ofSeconds(100))
                .build()
                .document(document)
                .execute();
    }

    @Test
    void eachSourceIsALoaderOfItsName() {
        runner.run(context -> {
            assertThat(loaders(context)).containsExactlyInAnyOrder("customers", "shipments");
            ask(context, "{ orders(size: 7) { customer { name } } }")
                    .path("orders[0].customer.name")
                    .entity(String.class)
                    .isEqualTo("of the source");
        });
    }

    @Test
    void eachSourceIsALoaderAlsoIfBeansAreLazy() {
        runner.withInitializer(context -> context.addBeanFactoryPostProcessor(beans -> {
                    for (String name : beans.getBeanDefinitionNames()) {
                        if (!name.equals("compositionSourceLoaders")) {
                            beans.getBeanDefinition(name).setLazyInit(true);
                        }
                    }
                }))
                .run(context -> assertThat(loaders(context)).containsExactlyInAnyOrder("customers", "shipments"));
    }

    @Test
    void isOffIfToldSo() {
        runner.withPropertyValues("freehold.composition.graphql.enabled=false").run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(Compositions.class)
                    .doesNotHaveBean(SourceLoaders.class)
                    .doesNotHaveBean(OperationInstrumentation.class)
                    .doesNotHaveBean(CompositionErrors.class);
            assertThat(loaders(context)).isEmpty();
        });
    }

    @Test
    void isOffWithAllOfIt() {
        runner.withPropertyValues("freehold.composition.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SourceLoaders.class));
    }

    @Test
    void isOffWithoutASchema() {
        runner.withPropertyValues("spring.graphql.schema.locations=classpath:nowhere/")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Compositions.class)
                        .doesNotHaveBean(SourceLoaders.class));
    }

    @Test
    void isOffWithoutSpringForGraphQl() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CompositionAutoConfiguration.class, CompositionGraphQlAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.graphql", "graphql", "org.dataloader"))
                .withBean(Sources.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Compositions.class)
                        .doesNotHaveBean(CompositionGraphQlAutoConfiguration.class));
    }

    @Test
    void leavesALoaderOfTheApplicationInPlace() {
        runner.withBean(OwnLoader.class).run(context -> {
            assertThat(loaders(context)).containsExactlyInAnyOrder("customers", "shipments");
            ask(context, "{ orders(size: 7) { customer { name } } }")
                    .path("orders[0].customer.name")
                    .entity(String.class)
                    .isEqualTo("of the application");
        });
    }

    @Test
    void aSlowSourceIsCutAtTheUsualBudget() {
        runner.withPropertyValues("freehold.composition.budget=200ms")
                .run(context ->
                        assertThatShipmentsTimeOut(ask(context, "{ orders(size: 7) { id shipments { id } } }")));
    }

    @Test
    void aSlowSourceIsCutAtTheBudgetOfTheThreadThatAsks() {
        runner.run(context -> {
            try (Budget.Scope scope = Budget.of(Duration.ofMillis(200)).open()) {
                assertThatShipmentsTimeOut(ask(context, "{ orders(size: 7) { id shipments { id } } }"));
            }
        });
    }

    @Test
    void aSlowSourceIsCutAtTheBudgetOfTheGraphQlContext() {
        runner.run(context -> assertThatShipmentsTimeOut(ExecutionGraphQlServiceTester.builder(
                        context.getBean(ExecutionGraphQlService.class))
                .responseTimeout(Duration.ofSeconds(100))
                .configureExecutionInput((input, builder) -> builder.graphQLContext(
                                Map.of(Budget.class, Budget.of(Duration.ofMillis(200))))
                        .build())
                .build()
                .document("{ orders(size: 7) { id shipments { id } } }")
                .execute()));
    }

    private static void assertThatShipmentsTimeOut(GraphQlTester.Response response) {
        response.errors()
                .satisfy(errors -> assertThat(errors)
                        .singleElement()
                        .satisfies(error -> assertThat(error.getExtensions())
                                .containsEntry("source", "shipments")
                                .containsEntry("cause", "TIMEOUT")));
        response.path("orders[0].id").entity(String.class).isEqualTo("7");
    }
}
