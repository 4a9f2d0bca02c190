using System.Collections.Immutable;
using System.Text.Unicode;

namespace Libp2p.Swarm.Multistream;

/// <summary>The protocols that a listener accepts. Immutable; found by the bytes of a proposal without allocating.</summary>
internal sealed class ProtocolTable
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private byte[]? _listing;

    public ProtocolTable(ImmutableArray<ProtocolId> protocols)
    {
        Protocols = protocols;
        for (var index = 0; index < protocols.Length; index++)
        {
            _indexes.TryAdd(protocols[index].Value, index);
        }

        _byText = _indexes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static ProtocolTable Empty { get; } = new([]);

    /// <summary>The protocols, each at its index.</summary>
    public ImmutableArray<ProtocolId> Protocols { get; }

    /// <summary>The index of a protocol; -1 where it is not served.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[MultistreamWire.MaxTokenLength];
        return Utf8.ToUtf16(text, characters, out _, out var written, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done
            && _byText.TryGetValue(characters[..written], out var index)
            ? index
            : -1;
    }

    /// <summary>
    /// The answer to <c>ls</c>: one token that holds the lines of all protocols and a newline. May be longer than a token that this side accepts.
    /// </summary>
    public ReadOnlySpan<byte> Listing => _listing ??= MakeListing();

    private byte[] MakeListing()
    {
        var body = new List<byte>();
        foreach (var protocol in Protocols)
        {
            body.AddRange(protocol.MultistreamLine.Span);
        }

        body.Add((byte)'\n');
        var token = new List<byte>();
        for (var rest = body.Count; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                token.Add((byte)rest);
                break;
            }

            token.Add((byte)(rest | 0x80));
        }

        token.AddRange(body);
        return [.. token];
    }
}
