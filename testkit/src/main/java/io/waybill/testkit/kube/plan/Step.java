package io.waybill.testkit.kube.plan;

/** What a controller does next. */
public sealed interface Step {
    /** Creates a pod of the newest revision. */
    record Create(int ordinal) implements Step {}

    record Delete(String name) implements Step {}
}
