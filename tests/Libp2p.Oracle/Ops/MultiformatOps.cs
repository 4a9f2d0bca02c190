using System.Globalization;
using System.Text.Json;
using Libp2p.Multiformats;

namespace Libp2p.Oracle;

/// <summary>Questions about multiformats.</summary>
internal static class MultiformatOps
{
    public static void Varint(Question question, Utf8JsonWriter answer)
    {
        var value = UnsignedVarint.Read(question.Bytes("bytes"), out var length);
        answer.WriteString("value", value.ToString(CultureInfo.InvariantCulture));
        answer.WriteNumber("length", length);
    }

    public static void Multibase(Question question, Utf8JsonWriter answer)
    {
        var bytes = Multiformats.Multibase.Decode(question.Text("text"), out var encoding);
        answer.WriteString("encoding", Multiformats.Multibase.GetName(encoding));
        answer.WriteHex("bytes", bytes);
    }

    public static void MultibaseEncode(Question question, Utf8JsonWriter answer)
    {
        if (!Multiformats.Multibase.TryGetEncoding(question.Text("encoding"), out var encoding)) throw new FormatException($"unknown multibase {question.Text("encoding")}");
        answer.WriteString("text", Multiformats.Multibase.Encode(encoding, question.Bytes("bytes")));
    }

    public static void MultihashSum(Question question, Utf8JsonWriter answer)
    {
        var name = question.Text("name");
        if (!MulticodecTable.TryGetCode(name, out var code)) throw new FormatException($"unknown hash {name}");
        int? length = question.Has("length") ? question.Length("length") : null;
        answer.WriteHex("multihash", Multiformats.Multihash.Sum(code, question.Bytes("bytes"), length).Span);
    }

    public static void Multihash(Question question, Utf8JsonWriter answer)
    {
        var hash = Multiformats.Multihash.Parse(question.Bytes("bytes"));
        answer.WriteString("name", MulticodecTable.Describe(hash.Code));
        answer.WriteHex("digest", hash.Digest);
    }

    public static void Cid(Question question, Utf8JsonWriter answer)
    {
        var cid = question.Has("text") ? Multiformats.Cid.Parse(question.Text("text")) : Multiformats.Cid.Decode(question.Bytes("bytes"));
        answer.WriteNumber("version", cid.Version);
        answer.WriteString("codec", MulticodecTable.Describe(cid.Codec));
        answer.WriteHex("multihash", cid.Hash.Span);
        answer.WriteString("text", cid.ToString());
        answer.WriteHex("bytes", cid.Span);
    }

    public static void Multiaddr(Question question, Utf8JsonWriter answer)
    {
        var address = question.Has("text") ? Multiformats.Multiaddr.Parse(question.Text("text")) : Multiformats.Multiaddr.Decode(question.Bytes("bytes"));
        answer.WriteString("text", address.ToString());
        answer.WriteHex("bytes", address.Span);
    }
}
