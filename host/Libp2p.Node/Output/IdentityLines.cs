using Libp2p.Multiformats;

namespace Libp2p.Node.Output;

/// <summary>What is public of an identity, and where its key is kept.</summary>
internal static class IdentityLines
{
    /// <param name="identity">Whose.</param>
    /// <param name="file">Where its private key is kept.</param>
    /// <param name="happened">What JSON calls it: <c>identity</c> where it is only shown.</param>
    /// <param name="json">Whether one JSON object is printed instead.</param>
    /// <param name="output">Where to.</param>
    public static void Print(PublicKey identity, string file, string happened, bool json, TextWriter output)
    {
        var cid = identity.PeerId.ToCid();
        var publicKey = Convert.ToBase64String(identity.Protobuf.Span);
        if (json)
        {
            JsonLine.Write(output, line =>
            {
                line.WriteString("event", happened);
                line.WriteString("peerId", identity.PeerId.ToString());
                line.WriteString("cid", cid.ToString());
                line.WriteString("cidBase36", cid.ToString(MultibaseEncoding.Base36));
                line.WriteString("keyType", identity.Type.ToString());
                line.WriteString("publicKey", publicKey);
                line.WriteString("file", file);
            });
            return;
        }

        output.WriteLine($"peer id     {identity.PeerId}");
        output.WriteLine($"as CID      {cid}");
        output.WriteLine($"in base36   {cid.ToString(MultibaseEncoding.Base36)}");
        output.WriteLine($"key         {identity.Type}, public {publicKey}");
        output.WriteLine($"kept in     {file}");
    }
}
