package io.waybill.e2e;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.waybill.runtime.service.ServiceRegistration;
import java.util.Optional;

/** The classes of each service: those in the package of its registration, and below it. No rule lists services by name. */
final class ServicePackages implements SliceAssignment {
    /** Classes of any service. */
    static DescribedPredicate<JavaClass> ofAnyService() {
        return DescribedPredicate.describe("of a service", type -> root(type.getPackage()).isPresent());
    }

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        return root(javaClass.getPackage())
                .map(root -> SliceIdentifier.of(root.getName()))
                .orElseGet(SliceIdentifier::ignore);
    }

    @Override
    public String getDescription() {
        return "services";
    }

    private static Optional<JavaPackage> root(JavaPackage of) {
        boolean registers = of.getClasses().stream()
                .anyMatch(type -> !type.isInterface() && type.isAssignableTo(ServiceRegistration.class));
        return registers ? Optional.of(of) : of.getParent().flatMap(ServicePackages::root);
    }
}
