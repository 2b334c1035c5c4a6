package io.waybill.e2e;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ClassesTransformer;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.stream.Collectors;

/** How many types a package has: those with a file of their own, and none that a generator wrote. */
final class PackageSizes {
    private static final String GENERATED = "io.waybill.avro";

    private PackageSizes() {}

    /** The packages of the classes that are looked at. */
    static ClassesTransformer<JavaPackage> packages() {
        return new AbstractClassesTransformer<>("packages") {
            @Override
            public Iterable<JavaPackage> doTransform(JavaClasses classes) {
                return classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
            }
        };
    }

    /**
     * Have so many types at most.
     *
     * @param types      of a package that is not among the larger ones
     * @param exceptions the larger ones by name, and how many types each may have
     */
    static ArchCondition<JavaPackage> haveAtMost(int types, Map<String, Integer> exceptions) {
        return new ArchCondition<>("have at most " + types + " types, or as many as " + exceptions) {
            @Override
            public void check(JavaPackage item, ConditionEvents events) {
                long has = types(item);
                int most = exceptions.getOrDefault(item.getName(), types);
                events.add(new SimpleConditionEvent(
                        item, has <= most, item.getName() + " has " + has + " types and may have " + most));
            }
        };
    }

    private static long types(JavaPackage of) {
        return of.getName().startsWith(GENERATED)
                ? 0
                : of.getClasses().stream()
                        .filter(type -> !type.isArray())
                        .map(JavaClass::getName)
                        // By its name: what the compiler makes for a switch says of no class that it stands in it.
                        .filter(name -> !name.contains("$") && !name.endsWith(".package-info"))
                        .count();
    }
}
