package io.waybill.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs pods in sandboxes of {@code bwrap}, for which the kernel must let this user make namespaces;
 * without them, it is skipped with a banner.
 */
@Documented
@ExtendWith(UserNamespacesCondition.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresUserNamespaces {}
