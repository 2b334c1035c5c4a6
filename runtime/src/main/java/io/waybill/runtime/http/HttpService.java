package io.waybill.runtime.http;

import java.util.List;

/** What a service that answers over HTTP gives to the endpoint of its process. */
public interface HttpService {
    /** Whoever answers for this service. The endpoint asks each of them itself, whatever it has to ask. */
    List<HttpRoutes> routes();
}
