/** The tests of the fixtures, outside their package so that they are not packed with them. */
@NullMarked
package dev.freehold.fixturetest;

import org.jspecify.annotations.NullMarked;
