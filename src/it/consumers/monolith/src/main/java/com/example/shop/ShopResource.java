package com.example.shop;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Optional;

/** The application's own API: its answers, errors too, are none of the jar's business. */
@Path("/shop")
public class ShopResource {

    public record Offer(String itemName, Optional<String> note) {}

    @GET
    @Path("/offer")
    public Offer offer() {
        return new Offer("book", Optional.empty());
    }

    @GET
    @Path("/broken")
    public Offer broken() {
        throw new IllegalStateException("the shop's own");
    }
}
