/** Results of the bench as one page that needs no network, and a soak as a picture. */
@NullMarked
package io.cospace.evaluate.chart;

import org.jspecify.annotations.NullMarked;
