/** Tests of the alert rules and the dashboard. */
@NullMarked
package dev.freehold.deploy.monitoring;

import org.jspecify.annotations.NullMarked;
