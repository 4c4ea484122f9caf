package dev.freehold.composition.autoconfigure;

import dev.freehold.composition.Compositions;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Lets controllers take keysets, and answers with the right status if a page cannot be made. */
@AutoConfiguration(after = CompositionAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(WebMvcConfigurer.class)
@ConditionalOnBean(Compositions.class)
@EnableConfigurationProperties(CompositionProperties.class)
public final class CompositionWebAutoConfiguration {

    @Bean
    WebMvcConfigurer compositionKeysets() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new KeysetArgumentResolver());
            }
        };
    }

    @Bean
    CompositionExceptionAdvice compositionExceptionAdvice() {
        return new CompositionExceptionAdvice();
    }

    @Bean
    PageAdvice compositionPageAdvice(CompositionProperties properties) {
        return new PageAdvice(properties.analyzeHeader());
    }
}
