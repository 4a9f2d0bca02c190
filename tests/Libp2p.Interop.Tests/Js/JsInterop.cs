using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Interop.Tests.Js;

/// <summary>A js-libp2p node and ours, connected over TCP, a security channel and yamux; each kind of test in both directions.</summary>
public abstract class JsInterop : IAsyncLifetime
{
    /// <summary>A valid peer id that is nobody's here.</summary>
    protected const string Stranger = "12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq";

    protected static readonly ProtocolId Echo = "/test/echo/1.0.0";
    protected static readonly ProtocolId Digest = "/test/digest/1.0.0";
    protected static readonly ProtocolId Reset = "/test/reset/1.0.0";
    protected static readonly ProtocolId Watch = "/test/watch/1.0.0";

    /// <summary>The security channels of both, in order of preference.</summary>
    protected virtual string Security => "noise";

    /// <summary>The file with the key of the private network that js is of; null: of none.</summary>
    protected virtual string? JsKey => null;

    /// <summary>The file with the key of the private network that we are of; null: of none.</summary>
    protected virtual string? OurKey => null;

    protected JsPeer Js { get; private set; } = null!;

    protected OurNode Ours { get; private set; } = null!;

    protected JsonObject Us => new() { ["peer"] = Ours.Node.PeerId.ToString() };

    public async ValueTask InitializeAsync()
    {
        Js = await JsPeer.StartAsync(JsKey is { } key ? ["--security", Security, "--psk", key] : ["--security", Security]);
        Ours = await OurNode.StartAsync(security: Security, key: OurKey);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Ours is not null) await Ours.DisposeAsync();
        if (Js is not null) await Js.DisposeAsync();
    }

    /// <summary>Connects in one direction, whichever the test is about.</summary>
    protected async Task<IConnection> ConnectAsync(bool weDial)
    {
        if (weDial) return await Ours.Node.ConnectAsync(Multiaddr.Parse(Js.Address));
        await Js.MustAsync("dial", new JsonObject { ["addr"] = Ours.Address });
        return Ours.Node.Connections.Single(c => c.RemotePeer.ToString() == Js.PeerId);
    }

    protected static async Task<string> ReadTextAsync(IStream stream)
    {
        var text = new StringBuilder();
        while (true)
        {
            var read = await stream.Input.ReadAsync();
            foreach (var piece in read.Buffer) text.Append(Encoding.ASCII.GetString(piece.Span));
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return text.ToString();
        }
    }

    protected static async Task<string> SendRandomAsync(IStream stream, int bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[65536];
        for (var done = 0; done < bytes;)
        {
            var piece = block.AsMemory(0, Math.Min(block.Length, bytes - done));
            RandomNumberGenerator.Fill(piece.Span);
            hash.AppendData(piece.Span);
            await stream.Output.WriteAsync(piece);
            done += piece.Length;
        }

        await stream.Output.CompleteAsync();
        return $"{bytes} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
