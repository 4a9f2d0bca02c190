using System.Globalization;
using Libp2p.Benchmarks.Command;
using Libp2p.Benchmarks.Formats;
using Libp2p.Benchmarks.Roles;

// Every figure is a ratio within one run: what is compared takes turns, in processes of its own, which are this program again. See README.md.
return args switch
{
    [Role.Serve, var side] => await Role.ServeAsync(side),
    [Role.Dial, var side, var address, var port, .. var workload] => await Role.DialAsync(side, address, int.Parse(port, CultureInfo.InvariantCulture), workload),
    ["formats"] => await FormatsCommand.RunAsync(),
    [AdmissionCommand.Name] => AdmissionCommand.Run(Console.Out),
    _ => await BenchmarkCommand.RunAsync(args),
};
