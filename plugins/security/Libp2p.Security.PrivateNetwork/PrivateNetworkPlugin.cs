using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>Private networks as a plugin. Options: <see cref="PrivateNetworkOptions"/>.</summary>
[Plugin("private-network", Description = "Private networks: only those who have the same key connect (/key/swarm/psk/1.0.0/).")]
public sealed class PrivateNetworkPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "private-network";

    /// <summary>As in the whole family: with 1 there is no connection without a key.</summary>
    private const string Force = "LIBP2P_FORCE_PNET";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host) => own.AddOptions<PrivateNetworkOptions>().Bind(host.Configuration);

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        var options = own.GetRequiredService<IOptions<PrivateNetworkOptions>>().Value;
        var logger = own.GetRequiredService<ILogger<PrivateNetworkPlugin>>();
        if (options is { Key: null, KeyFile: null })
        {
            if (Environment.GetEnvironmentVariable(Force) == "1") Refuse(exports, logger, $"{Force} is set, and there is no key");
            return;
        }

        try
        {
            var key = PreSharedKey.Parse(options.Key is { } text ? Encoding.ASCII.GetBytes(text) : Read(options.KeyFile!));
            exports.Add<IConnectionProtector>(new PrivateNetworkProtector(key));
            PrivateNetworkLog.Active(logger, key.Fingerprint() ?? "(no fingerprint: this system lacks SHAKE128)");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Not left out: the node would be public.
            Refuse(exports, logger, e.Message);
        }
    }

    private static void Refuse(IPluginExports exports, ILogger logger, string why)
    {
        exports.Add<IConnectionProtector>(new RefusingProtector(why));
        PrivateNetworkLog.Refusing(logger, why);
    }

    private static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > PreSharedKey.MaxFile) throw new FormatException($"The file has {file.Length} bytes; a key has at most {PreSharedKey.MaxFile}.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
