package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** An importer's report about a file; in JSON, {@code action} names its kind. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "action")
@JsonSubTypes({
        @JsonSubTypes.Type(value = ImportReport.Claim.class, name = "claim"),
        @JsonSubTypes.Type(value = ImportReport.Heartbeat.class, name = "heartbeat"),
        @JsonSubTypes.Type(value = ImportReport.Completed.class, name = "completed"),
        @JsonSubTypes.Type(value = ImportReport.Failed.class, name = "failed")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface ImportReport {
    /** The importer's name, 1 to 200 characters. */
    String by();

    /** The sending that the report is about, from 1; null for the current one. */
    @Nullable
    Integer sending();

    /** The attempt that the report is about, from 1; null for the current one. */
    @Nullable
    Integer attempt();

    /**
     * The importer takes the file.
     *
     * @param claimId the importer's name for this claim, so that it may repeat the claim
     */
    record Claim(String by, @Nullable String claimId, @Nullable Integer sending, @Nullable Integer attempt)
            implements ImportReport {}

    /** The importer still works on the file. */
    record Heartbeat(String by, @Nullable Integer sending, @Nullable Integer attempt) implements ImportReport {}

    /** The importer is done. */
    record Completed(String by, @Nullable Integer sending, @Nullable Integer attempt) implements ImportReport {}

    /**
     * The import has failed.
     *
     * @param kind   IMPORT_FAILED or IMPORT_REJECTED; null for the first
     * @param detail for people, 1 to 4,000 characters
     */
    record Failed(
            String by,
            @Nullable Integer sending,
            @Nullable Integer attempt,
            @Nullable String kind,
            @Nullable String detail) implements ImportReport {}
}
