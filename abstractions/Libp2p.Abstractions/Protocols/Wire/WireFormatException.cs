namespace Libp2p.Wire;

/// <summary>The bytes of a message break the wire format, its schema, or a declared limit. Always the sender's fault.</summary>
public sealed class WireFormatException : Libp2pException
{
    /// <summary>Says what is wrong with a message of the schema <paramref name="message"/>.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="message">Full name of the schema's message, such as <c>identify.pb.Identify</c>.</param>
    public WireFormatException(WireError error, string message)
        : base($"{message}: {Explain(error)}")
    {
        Error = error;
        MessageName = message;
    }

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Protocol;

    /// <summary>What is wrong.</summary>
    public WireError Error { get; }

    /// <summary>Full name of the schema's message.</summary>
    public string MessageName { get; }

    private static string Explain(WireError error) => error switch
    {
        WireError.Truncated => "the bytes end inside a field",
        WireError.MalformedVarint => "a varint has more than ten bytes",
        WireError.VarintOverflow => "a varint does not fit 64 bits",
        WireError.LengthOutOfRange => "a length is 2^31 or more",
        WireError.InvalidFieldNumber => "field number 0",
        WireError.FieldNumberOutOfRange => "a field number is 2^29 or more",
        WireError.InvalidWireType => "wire type 6 or 7",
        WireError.UnbalancedGroup => "a group does not begin or end where it should",
        WireError.InvalidUtf8 => "a string is not UTF-8",
        WireError.FieldTooLong => "a field is longer than its limit",
        WireError.TooManyElements => "a repeated field has more elements than its limit",
        WireError.MessageTooLarge => "the message is longer than its limit",
        WireError.TooDeep => "nested deeper than the limit",
        WireError.MissingRequiredField => "a required field is absent",
        WireError.SplitMessage => "a submessage came in two pieces",
        _ => error.ToString(),
    };
}
