import * as pulumi from "@pulumi/pulumi";
import { stack } from "./stack";

export = stack(new pulumi.Config().requireSecret("token"));
