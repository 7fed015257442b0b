package com.example.shop;

import io.quarkus.hibernate.orm.panache.PanacheEntity;
import jakarta.persistence.Entity;

/** The application's own entity, in its own datasource. */
@Entity
public class Purchase extends PanacheEntity {

    public String item;
    public long tokenVersion;
}
