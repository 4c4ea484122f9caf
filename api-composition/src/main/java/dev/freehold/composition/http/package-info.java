/** What HTTP clients need to heed a page's budget: it is sent along, and requests are aborted when it is over. */
@NullMarked
package dev.freehold.composition.http;

import org.jspecify.annotations.NullMarked;
