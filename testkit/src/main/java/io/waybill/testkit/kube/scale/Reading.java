package io.waybill.testkit.kube.scale;

/**
 * What a trigger measured.
 *
 * @param value  to be shared by the pods
 * @param target how much of it one pod should have
 * @param active whether there should be any pod at all
 */
public record Reading(double value, double target, boolean active) {}
