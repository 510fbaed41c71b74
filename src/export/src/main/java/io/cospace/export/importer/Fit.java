package io.cospace.export.importer;

/** How a graph can be run on this machine to be measured. */
enum Fit {
    /** As it is served. */
    WHOLE,
    /** With its weights left in their files and read layer by layer at each run. */
    STREAMED,
    /** Not at all. */
    NONE
}
