namespace Libp2p;

/// <summary>A datastore could not do what it was asked to.</summary>
/// <param name="message">What is wrong, as a sentence.</param>
/// <param name="remedy">What to do about it, as a sentence.</param>
/// <param name="inner">The cause.</param>
public class DatastoreException(string message, string remedy, Exception? inner = null) : Libp2pException($"{message} {remedy}", inner)
{
    /// <summary>What is wrong; the beginning of the message.</summary>
    public string Problem { get; } = message;

    /// <summary>What to do about it; the end of the message.</summary>
    public string Remedy { get; } = remedy;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Storage;
}

/// <summary>There is no room: the disk is full, or the bound of the store is reached. What is there can be read, and writes succeed again once there is room.</summary>
public sealed class DatastoreFullException(string message, string remedy, Exception? inner = null) : DatastoreException(message, remedy, inner);

/// <summary>What the store kept cannot be read any more: it is damaged, or not a store of that kind.</summary>
public sealed class DatastoreCorruptException(string message, string remedy, Exception? inner = null) : DatastoreException(message, remedy, inner);

/// <summary>The store was closed.</summary>
public sealed class DatastoreClosedException(string message, string remedy, Exception? inner = null) : DatastoreException(message, remedy, inner);

/// <summary>Another process, or another part of this one, has the store open.</summary>
public sealed class DatastoreInUseException(string message, string remedy, Exception? inner = null) : DatastoreException(message, remedy, inner);

/// <summary>A value is longer than the store takes.</summary>
public sealed class DatastoreLimitException(string message, string remedy, Exception? inner = null) : DatastoreException(message, remedy, inner);
