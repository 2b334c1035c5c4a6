package io.waybill.testkit.brokers;

/** Where a node listens, over all its restarts. */
record NodePorts(int client, int controller) {}
