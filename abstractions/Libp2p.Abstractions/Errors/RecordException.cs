namespace Libp2p;

/// <summary>A signed envelope, or a record, is malformed, of another kind than asked for, or not signed by whom it claims.</summary>
public sealed class RecordException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Protocol;
}
