create table note (
    id   text primary key,
    text text not null
);
insert into note values ('one', 'A note.');
