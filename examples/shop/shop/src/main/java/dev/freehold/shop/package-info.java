/** Starts the shop's services in one JVM on embedded servers, places orders and tells what happened. */
@NullMarked
package dev.freehold.shop;

import org.jspecify.annotations.NullMarked;
