package dev.freehold.outbox;

import dev.freehold.outbox.StateChanges.Change;
import dev.freehold.outbox.StateChanges.Doubt;
import org.hibernate.Session;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.AbstractCollectionEvent;
import org.hibernate.event.spi.AbstractDatabaseOperationEvent;
import org.hibernate.event.spi.PostCollectionRecreateEvent;
import org.hibernate.event.spi.PostCollectionRecreateEventListener;
import org.hibernate.event.spi.PostCollectionRemoveEvent;
import org.hibernate.event.spi.PostCollectionRemoveEventListener;
import org.hibernate.event.spi.PostCollectionUpdateEvent;
import org.hibernate.event.spi.PostCollectionUpdateEventListener;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostDeleteEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.event.spi.PostUpsertEvent;
import org.hibernate.event.spi.PostUpsertEventListener;

/** Notes what Hibernate has written; fails its flush if that cannot be published with the transaction. */
record HibernateStateListener(HibernateStates states)
        implements PostInsertEventListener,
                PostUpdateEventListener,
                PostUpsertEventListener,
                PostDeleteEventListener,
                PostCollectionRecreateEventListener,
                PostCollectionUpdateEventListener,
                PostCollectionRemoveEventListener {

    static void register(SessionFactoryImplementor factory, HibernateStates states) {
        HibernateStateListener listener = new HibernateStateListener(states);
        EventListenerRegistry registry = factory.getEventListenerRegistry();
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_INSERT, listener);
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_UPDATE, listener);
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_UPSERT, listener);
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_DELETE, listener);
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_COLLECTION_RECREATE, listener);
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_COLLECTION_UPDATE, listener);
        registry.appendListeners(org.hibernate.event.spi.EventType.POST_COLLECTION_REMOVE, listener);
    }

    @Override
    public void onPostInsert(PostInsertEvent event) {
        written(event, true);
    }

    @Override
    public void onPostUpdate(PostUpdateEvent event) {
        written(event, false);
    }

    @Override
    public void onPostUpsert(PostUpsertEvent event) {
        written(event, false);
    }

    private void written(AbstractDatabaseOperationEvent event, boolean inserted) {
        StateType type = states.typeOf(event.getPersister().getEntityName());
        if (type != null) {
            Session session = event.getSession() instanceof Session managing ? managing : null;
            states.changes()
                    .present(
                            type,
                            event.getId(),
                            new Change(
                                    event.getEntity(),
                                    session,
                                    inserted,
                                    type.partlyWritten() ? Doubt.UNLESS_NEW : Doubt.NONE));
        }
    }

    @Override
    public void onPostDelete(PostDeleteEvent event) {
        StateType type = states.typeOf(event.getPersister().getEntityName());
        if (type != null) {
            states.changes().deleted(type, event.getId());
        }
    }

    @Override
    public void onPostRecreateCollection(PostCollectionRecreateEvent event) {
        collected(event);
    }

    @Override
    public void onPostUpdateCollection(PostCollectionUpdateEvent event) {
        collected(event);
    }

    @Override
    public void onPostRemoveCollection(PostCollectionRemoveEvent event) {
        collected(event);
    }

    /** The owner's own row may not have been written, nor locked. */
    private void collected(AbstractCollectionEvent event) {
        String owner = event.getAffectedOwnerEntityName();
        StateType type = owner == null ? null : states.typeOf(owner);
        Object id = event.getAffectedOwnerIdOrNull();
        if (type != null && id != null) {
            states.changes()
                    .present(
                            type,
                            id,
                            new Change(event.getAffectedOwnerOrNull(), event.getSession(), false, Doubt.UNLESS_NEW));
        }
    }
}
