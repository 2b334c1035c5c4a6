/** What is in deploy: modules for AWS, pipelines, and the roll-out of a new version. */
@NullMarked
package io.waybill.e2e.deploy;

import org.jspecify.annotations.NullMarked;
