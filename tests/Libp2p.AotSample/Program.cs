using Libp2p;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Microsoft.Extensions.DependencyInjection;

// Listens, says so, and pings the address given.
var services = new ServiceCollection();
services.AddLibp2p(node => node.AddTcp().AddNoise().AddYamux().AddIdentify().AddPing().Configure(options => options.Listen.Add("/ip4/127.0.0.1/tcp/0")));
await using var provider = services.BuildServiceProvider();
var hosted = provider.GetRequiredService<Libp2pNode>();
await hosted.StartAsync();
var started = (DateTime.UtcNow - System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalMilliseconds;
Console.WriteLine($"listening {hosted.Node.ListenAddresses[0]} after {started:0} ms");

var connection = await hosted.Node.ConnectAsync(Multiaddr.Parse(args[0]));
var info = await hosted.Node.Find<IIdentifyService>()!.IdentifyAsync(connection);
await foreach (var rtt in hosted.Node.Find<IPingService>()!.PingAsync(connection))
{
    Console.WriteLine($"pinged {info.AgentVersion} in {rtt.TotalMilliseconds:0.000} ms");
    break;
}

await hosted.StopAsync();
