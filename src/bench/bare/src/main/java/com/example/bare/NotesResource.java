package com.example.bare;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.security.Authenticated;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

@Path("/notes/{id}")
public class NotesResource {

    @GET
    @Authenticated
    @Transactional
    public Note note(String id) {
        return Note.findById(id);
    }

    @POST
    @Authenticated
    @Transactional
    public void add(String id, String text) {
        var note = new Note();
        note.id = id;
        note.text = text;
        note.persist();
    }

    @Scheduled(every = "1s")
    @Transactional
    void count() {
        Note.count();
    }
}
