using System.Buffers;
using System.Collections.Immutable;

namespace Libp2p.Wire;

/// <summary>
/// The schema of a message as data, emitted beside its codec: for tools that print, compare or check messages by name. Decoding does not use it.
/// </summary>
public sealed class WireMessageDescriptor
{
    private readonly WireRewrite _rewrite;

    private WireMessageDescriptor(string fullName, Type type, int maxSize, ImmutableArray<WireFieldDescriptor> fields, WireRewrite rewrite)
    {
        FullName = fullName;
        Type = type;
        MaxSize = maxSize;
        Fields = fields;
        _rewrite = rewrite;
    }

    private delegate WireError WireRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output);

    /// <summary>Package and name, such as <c>identify.pb.Identify</c>.</summary>
    public string FullName { get; }

    /// <summary>The owning type.</summary>
    public Type Type { get; }

    /// <summary>Most bytes of a message.</summary>
    public int MaxSize { get; }

    /// <summary>Fields in the order of the schema.</summary>
    public ImmutableArray<WireFieldDescriptor> Fields { get; }

    /// <summary>Made by generated code.</summary>
    public static WireMessageDescriptor Create<T>(string fullName, ImmutableArray<WireFieldDescriptor> fields)
        where T : class, IWireMessage<T> =>
        new(fullName, typeof(T), T.MaxSize, fields, static (message, output) =>
        {
            if (T.TryParse(message, out var parsed, out var error))
            {
                parsed.WriteTo(output);
            }

            return error;
        });

    /// <summary>The field of that number, or null.</summary>
    public WireFieldDescriptor? Find(int number) => Fields.FirstOrDefault(field => field.Number == number);

    /// <summary>Decodes a message and encodes it again.</summary>
    /// <returns>Why the bytes were refused; nothing is written then.</returns>
    public WireError Rewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output) => _rewrite(message, output);

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
