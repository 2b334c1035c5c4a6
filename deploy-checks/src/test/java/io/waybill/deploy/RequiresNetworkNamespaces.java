package io.waybill.deploy;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test makes networks of the kernel's namespaces, for which it needs {@code unshare}, {@code ip}, {@code nft}, {@code python3} and
 * a kernel that lets this user make them; without these, it is skipped with a banner.
 */
@Documented
@ExtendWith(NetworkNamespacesCondition.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresNetworkNamespaces {}
