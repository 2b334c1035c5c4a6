package io.waybill.runtime.access;

import io.javalin.security.RouteRole;

/** What a route of the HTTP endpoint needs. A route names one or several, and the caller needs one of them. */
public enum Permission implements RouteRole {
    /** For everybody, also without a login. */
    OPEN,
    /** The metrics, which have labels of all routes. Nobody with a narrowed scope has it. */
    METRICS,
    READ,
    /** To claim files for an importer, and to report on their import. */
    IMPORT,
    /** To change what happens to files. */
    OPERATE,
    /** To change the service itself. */
    ADMINISTER
}
