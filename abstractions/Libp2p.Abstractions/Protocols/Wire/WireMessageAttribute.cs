namespace Libp2p.Wire;

/// <summary>
/// Makes a partial class or record a message in the protobuf wire format: a codec and a <c>View</c> are generated for its properties marked
/// <see cref="WireFieldAttribute"/>. The type needs a constructor without parameters, and its fields settable properties.
/// </summary>
/// <remarks>
/// Types: <c>int uint long ulong bool float double string</c>, <c>ReadOnlyMemory&lt;byte&gt;</c>, enumerations over <c>int</c>, other messages;
/// <c>List&lt;T&gt;</c> of those is repeated; a nullable type makes absence visible, otherwise absent and zero are the same, as in proto3.
/// </remarks>
/// <param name="name">The full name of the message for tools, or null for the type's own.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WireMessageAttribute(string? name = null) : Attribute
{
    /// <summary>The full name of the message for tools.</summary>
    public string? Name { get; } = name;

    /// <summary>Most bytes of a message. Default: <see cref="WireLimits.MessageSize"/>.</summary>
    public int MaxSize { get; set; } = WireLimits.MessageSize;

    /// <summary>Most levels of messages and groups inside each other. Default and most: <see cref="WireLimits.Depth"/>.</summary>
    public int MaxDepth { get; set; } = WireLimits.Depth;

    /// <summary>Write fields in the order of the properties rather than of their numbers.</summary>
    public bool DeclaredOrder { get; set; }

    /// <summary>Keep fields that the type does not know, and write them again behind the others: where a signature covers the bytes.</summary>
    public bool RetainUnknown { get; set; }
}
