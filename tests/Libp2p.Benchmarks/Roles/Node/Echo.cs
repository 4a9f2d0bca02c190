namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>One byte there and back.</summary>
internal static class Echo
{
    private static readonly byte[] One = new byte[1];

    public static async Task OnceAsync(IStream stream)
    {
        await stream.Output.WriteAsync(One).ConfigureAwait(false);
        var read = await stream.Input.ReadAsync().ConfigureAwait(false);
        if (read.Buffer.Length != 1) throw new InvalidDataException($"{read.Buffer.Length} bytes came back");
        stream.Input.AdvanceTo(read.Buffer.End);
    }

    /// <summary>A stream of its own: opened, negotiated, one byte there and back, closed.</summary>
    public static async Task OnceAsync(IConnection connection)
    {
        var stream = await connection.OpenStreamAsync([NodeProtocols.Echo]).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await OnceAsync(stream).ConfigureAwait(false);
            await stream.Output.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A stream that was used once and stays open.</summary>
    public static async Task<IStream> OpenAsync(IConnection connection)
    {
        var stream = await connection.OpenStreamAsync([NodeProtocols.Echo]).ConfigureAwait(false);
        await OnceAsync(stream).ConfigureAwait(false);
        return stream;
    }
}
