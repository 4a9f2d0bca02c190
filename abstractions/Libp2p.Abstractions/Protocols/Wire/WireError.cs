namespace Libp2p.Wire;

/// <summary>Why the bytes of a message were refused.</summary>
public enum WireError
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The message ends inside a field, or a length points behind the end of the message.</summary>
    Truncated,

    /// <summary>A varint of more than ten bytes.</summary>
    MalformedVarint,

    /// <summary>A varint of ten bytes whose value does not fit 64 bits. Some decoders drop the excess bits; go and this one refuse.</summary>
    VarintOverflow,

    /// <summary>A length of 2^31 or more.</summary>
    LengthOutOfRange,

    /// <summary>Field number 0.</summary>
    InvalidFieldNumber,

    /// <summary>A field number of 2^29 or more. Some decoders drop the excess bits; go and this one refuse.</summary>
    FieldNumberOutOfRange,

    /// <summary>Wire types 6 and 7 do not exist.</summary>
    InvalidWireType,

    /// <summary>A group that ends without having begun, ends under another number, or does not end.</summary>
    UnbalancedGroup,

    /// <summary>A string that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A string, bytes or message field longer than its declared limit.</summary>
    FieldTooLong,

    /// <summary>More elements in a repeated field than its declared limit.</summary>
    TooManyElements,

    /// <summary>The message is longer than its declared limit.</summary>
    MessageTooLarge,

    /// <summary>Messages or groups nested deeper than the declared limit.</summary>
    TooDeep,

    /// <summary>A field that the schema requires is absent.</summary>
    MissingRequiredField,

    /// <summary>
    /// A singular submessage came in two pieces. The owning type merges them, as protobuf says; a view cannot without copying, and refuses.
    /// No known encoder writes such messages.
    /// </summary>
    SplitMessage,
}
